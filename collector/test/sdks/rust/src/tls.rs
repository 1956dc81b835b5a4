//! TLS from the standard variables. The SDK for Rust reads none of them itself.

use std::env;
use std::error::Error;
use std::fs;

use opentelemetry_otlp::tonic_types::transport::{Certificate, ClientTlsConfig, Identity};

pub enum Tls {
    Unset,
    Grpc(ClientTlsConfig),
    Http(reqwest::blocking::Client),
}

pub fn is_grpc() -> bool {
    env::var("OTEL_EXPORTER_OTLP_PROTOCOL").is_ok_and(|protocol| protocol == "grpc")
}

pub fn from_environment() -> Result<Tls, Box<dyn Error>> {
    // The HTTP client comes without one, so that none has to be built twice.
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "a provider is installed already")?;
    let Some(authority) = file_of("OTEL_EXPORTER_OTLP_CERTIFICATE")? else {
        return Ok(Tls::Unset);
    };
    let certificate = file_of("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE")?;
    let key = file_of("OTEL_EXPORTER_OTLP_CLIENT_KEY")?;
    if is_grpc() {
        let config = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(authority));
        return Ok(Tls::Grpc(match certificate.zip(key) {
            Some((certificate, key)) => config.identity(Identity::from_pem(certificate, key)),
            None => config,
        }));
    }
    let client = reqwest::blocking::Client::builder()
        .tls_certs_only(reqwest::Certificate::from_pem_bundle(&authority)?);
    let client = match certificate.zip(key) {
        Some((certificate, key)) => {
            client.identity(reqwest::Identity::from_pem(&[key, certificate].concat())?)
        }
        None => client,
    };
    Ok(Tls::Http(client.build()?))
}

fn file_of(variable: &str) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    match env::var(variable) {
        Ok(path) => Ok(Some(
            fs::read(&path).map_err(|error| format!("{variable}: {path}: {error}"))?,
        )),
        Err(_) => Ok(None),
    }
}

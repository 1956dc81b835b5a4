import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeMatchers, attributesOf, selectorsOf, serviceOf } from './series-labels.ts';

test('a service is named by its label, else by the job that it is scraped or sent as', () => {
  assert.equal(serviceOf({ service_name: 'shop', job: 'eu/shop' }), 'shop');
  assert.equal(serviceOf({ job: 'eu/shop' }), 'shop');
  assert.equal(serviceOf({ job: 'collector' }), 'collector');
  assert.equal(serviceOf({}), 'unknown_service');
});

test('attributes are what is left of the labels without their origin', () => {
  const labels = { __name__: 'x', job: 'j', instance: 'i', host_name: 'h', le: '1', b: '2', a: '1' };
  assert.deepEqual(attributesOf(labels), [
    ['a', '1'],
    ['b', '2'],
  ]);
});

test('selectors fit the series of a service however it is named, and nothing else gets through their quotes', () => {
  assert.deepEqual(selectorsOf('up', null), ['{__name__="up"}']);
  assert.deepEqual(selectorsOf('up', 'a.b"'), [
    '{__name__="up",service_name="a.b\\""}',
    '{__name__="up",service_name="",job=~"([^/]*/)?a\\\\.b\\""}',
  ]);
  assert.deepEqual(selectorsOf('up', 'unknown_service')[1], '{__name__="up",service_name="",job=""}');
});

test('an attribute with an empty value fits no series: Prometheus keeps none', () => {
  assert.deepEqual(attributeMatchers([{ key: 'http.route', value: '/"' }]), [
    { label: 'http_route', op: '=', value: '/"' },
  ]);
  assert.equal(attributeMatchers([{ key: 'http.route', value: '' }]), null);
  assert.equal(attributeMatchers([{ key: '.', value: 'x' }]), null);
});

import type { JournalAccount } from '#core/accounting.ts';
import { SIGNALS, type Signal } from '#core/signal.ts';
import type { Sink } from '#core/sink.ts';
import type { JournalConfig } from './config.ts';
import { type Journal, type JournalDeps, openJournal } from './journal.ts';

/** The journals of all signals: the stage behind the receivers. */
export interface Journals extends Sink {
  of(signal: Signal): Journal;
  accounts(): JournalAccount[];
  close(): Promise<void>;
}

/** Opens the three journals under `deps.folder`; all or none. Throws OperatorError. */
export async function openJournals(
  config: JournalConfig,
  deps: Omit<JournalDeps, 'signal'>,
): Promise<Journals> {
  const opening = SIGNALS.map((signal) => openJournal(config, { ...deps, signal }));
  const settled = await Promise.allSettled(opening);
  const opened = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  const close = async () => {
    await Promise.all(opened.map((journal) => journal.close()));
  };
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const bySignal = new Map(opened.map((journal) => [journal.signal, journal]));
  return {
    of: (signal) => bySignal.get(signal)!,
    offer: (payload) => bySignal.get(payload.signal)!.append(payload),
    accounts: () => opened.map((journal) => journal.account()),
    close,
  };
}

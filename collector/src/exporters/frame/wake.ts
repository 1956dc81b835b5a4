/** One that sleeps and many that wake it; waking before it sleeps is not lost. */
export interface Wake {
  call(): void;
  wait(): Promise<void>;
}

export function createWake(): Wake {
  let isCalled = false;
  let resume: (() => void) | null = null;
  return {
    call() {
      isCalled = true;
      resume?.();
      resume = null;
    },
    async wait() {
      if (!isCalled) await new Promise<void>((resolve) => (resume = resolve));
      isCalled = false;
    },
  };
}

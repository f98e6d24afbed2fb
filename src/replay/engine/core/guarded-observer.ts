import type { Observer } from '../recorded-workflow';

/**
 * Keeps the errors of an observer from the replay that it observes: thrown there, they would look like errors of the workflow
 * code. After the first one the observer is called no more.
 */
export class GuardedObserver implements Observer {
  private fault: { error: unknown } | null = null;

  constructor(private readonly observer: Observer) {}

  begin(...args: Parameters<Observer['begin']>): void {
    if (this.fault) return;
    try {
      this.observer.begin(...args);
    } catch (error) {
      this.fault = { error };
    }
  }

  async observe(...args: Parameters<Observer['observe']>): Promise<void> {
    if (this.fault) return;
    try {
      await this.observer.observe(...args);
    } catch (error) {
      this.fault = { error };
    }
  }

  /** Throws the first error of the observer, if there was one. */
  throwFault(): void {
    if (this.fault) throw this.fault.error;
  }
}

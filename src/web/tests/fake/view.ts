import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { ChatView } from "../../state/client.ts";
import type { Message } from "../../state/model.ts";

const page = 100;

/** A stretch of a list of messages, a page at a time, as the store would read it. */
export class View implements ChatView {
  readonly #from = signal(0);
  readonly #to = signal<number | undefined>(undefined);
  readonly messages: ReadonlySignal<readonly Message[]>;
  readonly complete: ReadonlySignal<boolean>;
  readonly latest: ReadonlySignal<boolean>;
  readonly busy = signal(false);

  constructor(private readonly all: ReadonlySignal<readonly Message[]>) {
    this.#from.value = Math.max(0, all.value.length - page);
    this.messages = computed(() => all.value.slice(this.#from.value, this.#to.value));
    this.complete = computed(() => this.#from.value === 0);
    this.latest = computed(() => this.#to.value === undefined);
  }

  older(): Promise<void> {
    this.#from.value = Math.max(0, this.#from.value - page);
    return Promise.resolve();
  }

  newer(): Promise<void> {
    const to = (this.#to.value ?? this.all.value.length) + page;
    this.#to.value = to >= this.all.value.length ? undefined : to;
    return Promise.resolve();
  }

  jump(message: string): Promise<boolean> {
    const at = this.all.value.findIndex((one) => one.id === message);
    if (at < 0) return Promise.resolve(false);
    if (at < this.#from.value || (this.#to.value !== undefined && at >= this.#to.value)) {
      this.#from.value = Math.max(0, at - page / 2);
      this.#to.value = at + page / 2 >= this.all.value.length ? undefined : at + page / 2;
    }
    return Promise.resolve(true);
  }

  end(): Promise<void> {
    this.#from.value = Math.max(0, this.all.value.length - page);
    this.#to.value = undefined;
    return Promise.resolve();
  }

  close(): void {
    this.#to.value = undefined;
  }
}

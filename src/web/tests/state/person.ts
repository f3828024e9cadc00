import { called } from "../../i18n/names.ts";
import { effect } from "@preact/signals";
import { Memory } from "../../store/memory.ts";
import type { Store } from "../../store/store.ts";
import type { ChatView } from "../../state/client.ts";
import { Engine } from "../../state/engine.ts";
import { Sealed } from "../../state/encryption/omemo.ts";
import type { Mirror } from "../../state/tabs/mirror.ts";
import type { Chat, Message } from "../../state/model.ts";
import { Connection } from "../../xmpp/connection.ts";
import { DOMAIN, type Kith } from "../xmpp/kith.ts";
import { mirrored } from "./mirrored.ts";

export const PASSWORD = "a long walk by the sea";

// As a browser does: what nobody caught is told, and fails the test.
globalThis.reportError = (error: unknown) => {
  queueMicrotask(() => {
    throw error;
  });
};

/** Somebody with a browser: the whole client but for its pages. */
export class Person {
  readonly address: string;
  readonly mirror: Mirror;
  readonly engine: Engine;

  constructor(
    kith: Kith,
    readonly name: string,
    readonly store: Store = new Memory(),
    own = false,
  ) {
    this.address = `${name}@${DOMAIN}`;
    const stream = new Connection({
      address: this.address,
      password: PASSWORD,
      device: { id: crypto.randomUUID(), software: "Kith", name: "a test" },
      websocket: kith.websocket,
      bosh: kith.bosh,
      saveToken: () => undefined,
    });
    const me = { address: this.address, name: called(this.address), own };
    this.engine = new Engine(stream, store, (patch) => this.mirror.apply(patch), me);
    this.mirror = mirrored(this.engine, me);
  }

  get do() {
    return this.mirror.do;
  }

  async start(): Promise<this> {
    await this.engine.load();
    if (this.mirror.me.value.own) this.engine.encryption = await Sealed.open(this.engine);
    this.mirror.apply(this.engine.snapshot());
    this.engine.start();
    await this.until(() => this.mirror.link.value === "online");
    return this;
  }

  /** Resolves once something that is drawn makes it true. */
  until<T>(look: () => T): Promise<NonNullable<T>> {
    return new Promise((resolve) => {
      let done = false;
      const stop = effect(() => {
        const found = look();
        if (!found || done) return;
        done = true;
        queueMicrotask(() => stop());
        resolve(found);
      });
    });
  }

  chat(id: string): Promise<Chat> {
    return this.until(() => this.mirror.chats.value.find((chat) => chat.id === id));
  }

  sees(view: ChatView, look: (message: Message) => boolean): Promise<Message> {
    return this.until(() => view.messages.value.find(look));
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }
}

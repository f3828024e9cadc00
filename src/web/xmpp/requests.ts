import { errorAnswer, Lost, StanzaError, stanzaError } from "./errors.ts";
import { bare, same } from "./jid.ts";
import { NS } from "./ns.ts";
import { x, type Element } from "./xml.ts";

export type Answer = (iq: Element) => Element | undefined | Promise<Element | undefined>;

interface Pending {
  iq: Element;
  timeout: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  resolve: (answer: Element) => void;
  reject: (error: Error) => void;
}

/** IQs (RFC 6120 §8.2.3): our questions, matched by id and sender, and the answers to those of others. */
export class Requests {
  readonly #pending = new Map<string, Pending>();
  readonly #answers = new Map<string, Answer>();
  #own = "";

  /** @param send Resolves when the server has the stanza, and rejects when nobody knows. */
  constructor(private readonly send: (stanza: Element) => Promise<void>) {
    this.answer("ping", NS.ping, () => undefined);
  }

  /** Who we are, full. */
  set own(address: string) {
    this.#own = address;
  }

  ask(iq: Element, timeout: number): Promise<Element> {
    const id = (iq.attrs["id"] ??= crypto.randomUUID());
    if (this.#pending.has(id)) return Promise.reject(new Error(`a second request with the id ${id}`));
    return new Promise((resolve, reject) => {
      const pending: Pending = { iq, timeout, timer: undefined, resolve, reject };
      this.#pending.set(id, pending);
      this.#arm(id, pending);
      this.send(iq).catch((error: unknown) => {
        this.#settle(id, () => {
          reject(error instanceof Error ? error : new Lost());
        });
      });
    });
  }

  answer(name: string, xmlns: string, handler: Answer): void {
    this.#answers.set(`${name} ${xmlns}`, handler);
  }

  /** An IQ has come. */
  take(iq: Element): void {
    const { type, id } = iq.attrs;
    if (type === "result" || type === "error") this.#match(iq, id ?? "");
    else if (id !== undefined) void this.#respond(iq, type);
  }

  /** No stream, no answers: time stands still until there is one again. */
  pause(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
  }

  proceed(): void {
    for (const [id, pending] of this.#pending) this.#arm(id, pending);
  }

  /** The session is over: no answer comes any more. */
  end(): void {
    for (const [id, { reject }] of this.#pending)
      this.#settle(id, () => {
        reject(new Lost());
      });
  }

  #arm(id: string, pending: Pending): void {
    clearTimeout(pending.timer);
    pending.timer = setTimeout(() => {
      this.#settle(id, () => {
        pending.reject(new StanzaError("remote-server-timeout", "wait", undefined, pending.iq));
      });
    }, pending.timeout);
  }

  #settle(id: string, act: () => void): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    act();
  }

  // security.md, "Identity": an id that somebody has guessed is not enough.
  #match(iq: Element, id: string): void {
    const pending = this.#pending.get(id);
    if (!pending || !this.#isFrom(iq.attrs["from"], pending.iq.attrs["to"])) return;
    this.#settle(id, () => {
      if (iq.attrs["type"] === "result") pending.resolve(iq);
      else pending.reject(stanzaError(iq));
    });
  }

  // RFC 6120 §8.1.2.1: without `from` it is our own account that speaks, and without `to` it was asked.
  #isFrom(from: string | undefined, asked: string | undefined): boolean {
    const account = bare(this.#own);
    const isOwn = (address: string): boolean => same(address, account) || same(address, this.#own);
    if (asked === undefined || same(asked, account)) return from === undefined || isOwn(from);
    return from !== undefined && same(from, asked);
  }

  async #respond(iq: Element, type: string | undefined): Promise<void> {
    const { id, from } = iq.attrs;
    const reply = (kind: string, child?: Element): void => {
      // Lost only with the session, and then nobody waits for it any more.
      this.send(x("iq", { type: kind, id, to: from }, child)).catch(() => undefined);
    };
    const [question, ...others] = iq.getChildElements();
    if (!question || others.length > 0 || (type !== "get" && type !== "set")) {
      reply("error", errorAnswer("bad-request", "modify"));
      return;
    }
    const handler = this.#answers.get(`${question.getName()} ${question.getNS() ?? ""}`);
    if (!handler) {
      reply("error", errorAnswer("service-unavailable", "cancel"));
      return;
    }
    try {
      reply("result", await handler(iq));
    } catch (error) {
      const known = error instanceof StanzaError;
      reply(
        "error",
        known
          ? errorAnswer(error.condition, error.type, error.text)
          : errorAnswer("internal-server-error", "cancel"),
      );
      if (!known) throw error;
    }
  }
}

import { signal, type Signal } from "@preact/signals";
import type { Store } from "../../store/store.ts";
import type { ChatView, Client, Commands, Toast } from "../client.ts";
import { DEFAULTS } from "../core/core.ts";
import type { Address, Attachment, Chat, Link, Me, Person, Presence, Settings, Transfer } from "../model.ts";
import type { Patch } from "../patch.ts";
import { kindOf } from "../messages/shown.ts";
import { Stretch } from "./stretch.ts";
import { Urls } from "./urls.ts";

/** Asks the tab that has the stream to do something. */
export type Call = <T>(method: string, ...args: unknown[]) => Promise<T>;

/** What one tab draws: signals that follow the changes which the tab with the stream tells. */
export class Mirror implements Client {
  readonly me: Signal<Me>;
  readonly link = signal<Link>("connecting");
  readonly chats = signal<readonly Chat[]>([]);
  readonly listed = signal(false);
  readonly people = signal<ReadonlyMap<Address, Person>>(new Map());
  readonly presence = signal<ReadonlyMap<Address, Presence>>(new Map());
  readonly typing = signal<ReadonlyMap<Address, readonly string[]>>(new Map());
  readonly transfers = signal<ReadonlyMap<string, Transfer>>(new Map());
  readonly settings = signal<Settings>(DEFAULTS);
  readonly toasts = signal<readonly Toast[]>([]);
  readonly do: Commands;
  private readonly stretches = new Set<Stretch>();
  private readonly urls = new Urls();

  constructor(
    private readonly store: Store,
    private readonly call: Call,
    me: Me,
  ) {
    this.me = signal(me);
    const local: Partial<Commands> = {
      // Named here: where another tab takes the lead meanwhile, it is asked for again.
      send: (chat, text, options) => call("send", chat, text, { ...options, id: crypto.randomUUID() }),
      sendFile: (chat, file, options) =>
        call("sendFile", chat, file, { ...options, id: crypto.randomUUID() }),
      dismiss: (toast) => Promise.resolve(this.apply({ dismissed: toast })),
    };
    this.do = new Proxy(local as Commands, {
      get: (own, name: keyof Commands) => own[name] ?? ((...args: unknown[]) => call(name, ...args)),
    });
  }

  apply(patch: Patch): void {
    if (patch.me) this.me.value = patch.me;
    if (patch.link) this.link.value = patch.link;
    if (patch.settings) this.settings.value = patch.settings;
    if (patch.chats || patch.gone)
      this.chats.value = listed(patch.whole ? [] : this.chats.value, patch.chats ?? [], patch.gone ?? []);
    if (patch.listed !== undefined) this.listed.value = patch.listed;
    if (patch.people || patch.strangers)
      this.people.value = changed(
        patch.whole ? NONE : this.people.value,
        patch.people?.map((one) => [one.address, one]),
        patch.strangers,
      );
    if (patch.presence)
      this.presence.value = changed(
        patch.whole ? NONE : this.presence.value,
        patch.presence.filter(([, presence]) => presence !== "offline"),
        patch.presence.filter(([, presence]) => presence === "offline").map(([address]) => address),
      );
    if (patch.typing)
      this.typing.value = changed(
        patch.whole ? NONE : this.typing.value,
        patch.typing.filter(([, who]) => who.length > 0),
        patch.typing.filter(([, who]) => who.length === 0).map(([chat]) => chat),
      );
    if (patch.transfers)
      this.transfers.value = changed(
        patch.whole ? NONE : this.transfers.value,
        patch.transfers.flatMap(([id, transfer]) => (transfer ? [[id, transfer] as const] : [])),
        patch.transfers.filter(([, transfer]) => !transfer).map(([id]) => id),
      );
    if (patch.toast) this.toasts.value = [...this.toasts.value, patch.toast];
    if (patch.dismissed !== undefined)
      this.toasts.value = this.toasts.value.filter((toast) => toast.id !== patch.dismissed);
    for (const stretch of this.stretches) stretch.apply(patch);
  }

  open(chat: Address): ChatView {
    const stretch = new Stretch(
      chat,
      this.store,
      this.call,
      () => this.me.value.address,
      () => this.stretches.delete(stretch),
    );
    this.stretches.add(stretch);
    return stretch;
  }

  picture(key: string): Promise<string | undefined> {
    return this.urls.of(`picture ${key}`, () => this.call<Blob | undefined>("pictureBlob", key));
  }

  blob(attachment: Attachment, most?: number): Promise<Blob> {
    return this.call<Blob>("fileBlob", attachment, most);
  }

  async file(attachment: Attachment, most?: number): Promise<string> {
    return (await this.urls.of(`file ${attachment.url}`, async () =>
      inert(await this.blob(attachment, most)),
    ))!;
  }
}

/**
 * What is opened by an address of its own has this page's origin, and its type is what the sender says: nothing in it is to be
 * run.
 */
const inert = (blob: Blob): Blob =>
  kindOf(blob.type, false) === "file" ? new Blob([blob], { type: "application/octet-stream" }) : blob;

function listed(old: readonly Chat[], fresh: readonly Chat[], gone: readonly Address[]): Chat[] {
  const all = new Map(old.map((chat) => [chat.id, chat]));
  for (const chat of fresh) all.set(chat.id, chat);
  for (const id of gone) all.delete(id);
  return [...all.values()].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.at - a.at);
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

function changed<V>(
  old: ReadonlyMap<string, V>,
  fresh: readonly (readonly [string, V])[] = [],
  gone: readonly string[] = [],
): Map<string, V> {
  const all = new Map(old);
  for (const [key, value] of fresh) all.set(key, value);
  for (const key of gone) all.delete(key);
  return all;
}

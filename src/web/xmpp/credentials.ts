import type { Dialler } from "./dial.ts";
import type { Line } from "./line.ts";
import type { FastToken, Options } from "./options.ts";
import { invalidate, prove, signIn, type SignIn } from "./sasl2.ts";
import type { Element } from "./xml.ts";

/** In milliseconds: to prove a password, where the server lets those who guess wait; to take a token back. */
const PROOF = 45_000;
const SIGN_OUT = 5_000;

/** What an account is entered with: its password until there is a token, and then that alone. */
export class Credentials {
  readonly #known: Pick<Options, "address" | "password" | "token" | "device" | "saveToken">;

  constructor(options: Options) {
    this.#known = { ...options };
  }

  /** Resolves with `<success/>`. */
  signIn(line: Line, features: Element, inline: SignIn["inline"]): Promise<Element> {
    const { address, password, token, device } = this.#known;
    const saveToken = (next: FastToken | undefined): void => {
      this.#keep(next);
    };
    return signIn(line, features, { address, password, token, device, saveToken, inline });
  }

  /**
   * On a stream of its own.
   * @throws Refused when it is another password; anything else when it could not be found out.
   */
  prove(dialler: Dialler, password: string): Promise<void> {
    const { address } = this.#known;
    return dialler.apart(PROOF, address, (line, features) => prove(line, features, { address, password }));
  }

  /** Makes the token worthless, at the server too where it can be reached (XEP-0484 §3.6). */
  async forget(dialler: Dialler): Promise<void> {
    const { address, device, token } = this.#known;
    this.#keep(undefined);
    if (!token) return;
    await dialler
      .apart(SIGN_OUT, address, (line, features) => invalidate(line, features, { address, device, token }))
      .catch(() => {
        // The box cannot be reached, or has forgotten the token already: here it is forgotten anyway.
      });
  }

  #keep(token: FastToken | undefined): void {
    if (token) this.#known.token = token;
    else delete this.#known.token;
    if (token) delete this.#known.password;
    this.#known.saveToken(token);
  }
}

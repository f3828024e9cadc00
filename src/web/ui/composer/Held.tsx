import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { Icon } from "../parts/index.ts";
import { ASIDE, UP, type Slide } from "./hold.ts";

/** While the button is held: where to slide to, following the finger. Who hears the page taps, and needs none of it. */
export function Held({ slid }: { slid: Slide }): JSX.Element {
  const { aside, up } = slid;
  return (
    <>
      <span
        class={aside > ASIDE / 2 ? "recorder-slide near" : "recorder-slide"}
        aria-hidden="true"
        style={{ transform: `translateX(${-aside / 2}px)` }}
      >
        <Icon name="back" size={18} />
        {t("voice.slide")}
      </span>
      <span
        class="recorder-lock"
        aria-hidden="true"
        style={{ transform: `translateY(${(-up / UP) * 12}px)` }}
      >
        <Icon name={up > UP / 2 ? "lock" : "unlock"} size={20} />
        <Icon name="down" size={16} />
      </span>
      <span
        class="recorder-finger"
        aria-hidden="true"
        style={{ transform: `translate(${-aside}px, ${-up}px)` }}
      >
        <Icon name="mic" />
      </span>
    </>
  );
}

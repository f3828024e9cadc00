import "./emoji.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Menu, SearchField, type Place } from "../parts/index.ts";
import { groups, search, toned, type Emoji } from "./emoji.ts";
import { recent, remember, setTone, tone, tones } from "./remembered.ts";

/** Where the search field would bring up the keyboard, over the emoji themselves. */
const onGlass = matchMedia("(pointer: coarse)").matches;

function Grid({ list, onPick }: { list: readonly Emoji[]; onPick: (emoji: string) => void }): JSX.Element {
  return (
    <div class="emoji-grid">
      {list.map((one) => {
        const shown = toned(one, tone.value);
        return (
          <button
            key={one.emoji}
            type="button"
            title={one.name}
            aria-label={one.name || shown}
            onClick={() => {
              remember(shown);
              onPick(shown);
            }}
          >
            {shown}
          </button>
        );
      })}
    </div>
  );
}

function Tones(): JSX.Element {
  return (
    <div class="emoji-tones" role="group" aria-label={t("emoji.tone")}>
      {["", ...tones].map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={tone.value === one}
          aria-label={`✋${one}`}
          onClick={() => {
            setTone(one);
          }}
        >
          {`✋${one}`}
        </button>
      ))}
    </div>
  );
}

/** Emoji to choose from, with a search in both languages. */
export function EmojiPopup(props: {
  at: Place;
  onPick: (emoji: string) => void;
  onClose: () => void;
  /** Stays open after a choice. */
  stay?: boolean;
}): JSX.Element {
  const [wanted, setWanted] = useState("");
  const hits = wanted.trim() ? search(wanted) : undefined;
  const pick = (emoji: string) => {
    props.onPick(emoji);
    if (!props.stay) props.onClose();
  };
  return (
    <Menu label={t("composer.emoji")} at={props.at} items={[]} onClose={props.onClose}>
      <div class="emoji-picker">
        <SearchField label={t("emoji.search")} value={wanted} onInput={setWanted} />
        <div class="emoji-body" tabIndex={-1} autofocus={onGlass}>
          {hits ? (
            hits.length ? (
              <Grid list={hits} onPick={pick} />
            ) : (
              <p class="hint">{t("emoji.none")}</p>
            )
          ) : (
            <>
              {recent.value.length > 0 && (
                <section>
                  <h3>{t("emoji.recent")}</h3>
                  <Grid
                    list={recent.value.map((emoji) => ({ emoji, name: "", words: "", tones: false }))}
                    onPick={pick}
                  />
                </section>
              )}
              {groups().map((group) => (
                <section key={group.name}>
                  <h3>{t(`emoji.${group.name}`)}</h3>
                  <Grid list={group.list} onPick={pick} />
                </section>
              ))}
            </>
          )}
        </div>
        <Tones />
      </div>
    </Menu>
  );
}

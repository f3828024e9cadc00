import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { fileName } from "../../i18n/names.ts";
import { size } from "../../i18n/times.ts";
import { kindOf } from "../media/prepare.ts";
import { Icon, IconButton } from "../parts/index.ts";
import type { Chosen } from "./useChosen.ts";

/** How a file looks that is to be sent. */
export function Look({ item, small }: { item: Chosen; small?: boolean }): JSX.Element {
  const [unreadable, setUnreadable] = useState(false);
  const kind = kindOf(item.file.type);
  if (kind === "photo" && !unreadable)
    return (
      <img
        src={item.url}
        alt={small ? "" : fileName(item.file.name)}
        onError={() => {
          setUnreadable(true);
        }}
      />
    );
  if (kind === "video" && !small) return <video src={item.url} controls playsInline />;
  return (
    <span class="look-file">
      <Icon name={kind === "video" ? "video" : "file"} size={small ? 24 : 40} />
      {!small && (
        <>
          <b dir="auto">{fileName(item.file.name)}</b>
          <small>{size(item.file.size)}</small>
        </>
      )}
    </span>
  );
}

/** All that are to be sent, one beside the other, to choose which one is looked at. */
export function Strip(props: {
  items: readonly Chosen[];
  at: number;
  onChoose: (at: number) => void;
  onAdd: () => void;
}): JSX.Element {
  return (
    <div class="strip" role="group" aria-label={t("send.chosen")}>
      {props.items.map((item, i) => (
        <button
          key={item.url}
          type="button"
          aria-label={fileName(item.file.name)}
          aria-pressed={i === props.at}
          onClick={() => {
            props.onChoose(i);
          }}
        >
          <Look item={item} small />
        </button>
      ))}
      <IconButton icon="add" look="soft" label={t("send.add")} onClick={props.onAdd} />
    </div>
  );
}

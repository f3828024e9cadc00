import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Avatar, Button, Icon, Sheet } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import { cut, middle, type Crop, type Size } from "./crop.ts";
import { CropView } from "./CropView.tsx";
import { PhotoButton } from "./PhotoButton.tsx";
import { Problem } from "../page/index.ts";
import "./dialogs.css";

/** The address of a blob as long as it is drawn. */
function useUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => {
      setUrl(undefined);
      URL.revokeObjectURL(made);
    };
  }, [blob]);
  return url;
}

interface Loaded {
  image: HTMLImageElement;
  size: Size;
  crop: Crop;
}

/** Chooses a picture and cuts a square of it, or takes the old one away. `onSave` is what keeps it; it may fail. */
function PictureSheet(props: {
  title: string;
  /** There is one that can be removed. */
  removable?: boolean;
  file?: File | undefined;
  onSave: (picture: Blob | undefined) => Promise<void>;
  onClose: () => void;
}): JSX.Element {
  const [file, setFile] = useState(props.file);
  const [loaded, setLoaded] = useState<Loaded>();
  const [unreadable, setUnreadable] = useState(false);
  const act = useAct();
  const url = useUrl(file);
  useEffect(() => {
    setLoaded(undefined);
    setUnreadable(false);
    if (!url) return;
    const image = new Image();
    image.src = url;
    let wanted = true;
    image.decode().then(
      () => {
        const size = { width: image.naturalWidth, height: image.naturalHeight };
        if (wanted) setLoaded({ image, size, crop: middle(size) });
      },
      () => {
        if (wanted) setUnreadable(true);
      },
    );
    return () => {
      wanted = false;
    };
  }, [url]);
  const save = (picture: () => Promise<Blob | undefined>) =>
    act.run(async () => {
      await props.onSave(await picture());
      props.onClose();
    });
  return (
    <Sheet
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          {props.removable && !loaded && (
            <Button
              look="wrong"
              icon="trash"
              busy={act.busy !== undefined}
              onClick={() => void save(() => Promise.resolve(undefined))}
            >
              {t("crop.remove")}
            </Button>
          )}
          <PhotoButton look={loaded ? "plain" : "primary"} onPhoto={setFile}>
            {loaded ? t("crop.other") : t("code.photo")}
          </PhotoButton>
          {loaded && (
            <Button
              busy={act.busy !== undefined}
              onClick={() => void save(() => cut(loaded.image, loaded.crop))}
            >
              {t("do.save")}
            </Button>
          )}
        </>
      }
    >
      {loaded && url ? (
        <CropView
          url={url}
          size={loaded.size}
          crop={loaded.crop}
          onChange={(crop) => {
            setLoaded({ ...loaded, crop });
          }}
        />
      ) : (
        <p class="lead">{t("crop.lead")}</p>
      )}
      <Problem text={unreadable ? t("crop.unreadable") : act.problem} />
    </Sheet>
  );
}

/** A picture with a small camera on it: a press changes it. `picture` is one that is chosen, but not kept yet. */
export function PictureButton(props: {
  address: string;
  name: string;
  picture?: Blob | undefined;
  /** Key of the one that is kept. */
  kept?: string | undefined;
  group?: boolean;
  onChange: (picture: Blob | undefined) => Promise<void> | void;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const url = useUrl(props.picture);
  const has = props.picture !== undefined || props.kept !== undefined;
  const label = has ? t("crop.change") : t("crop.add");
  return (
    <>
      <button
        type="button"
        class="picture-button"
        aria-label={label}
        title={label}
        onClick={() => {
          setOpen(true);
        }}
      >
        {url ? (
          <img src={url} alt="" width={96} height={96} />
        ) : (
          <Avatar
            address={props.address}
            name={props.name}
            picture={props.kept}
            size={96}
            group={props.group ?? false}
          />
        )}
        <span class="picture-mark">
          <Icon name="camera" size={18} />
        </span>
      </button>
      {open && (
        <PictureSheet
          title={label}
          removable={props.picture !== undefined || (has && !props.group)}
          onSave={async (picture) => {
            await props.onChange(picture);
          }}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

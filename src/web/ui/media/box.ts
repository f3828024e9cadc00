export interface Size {
  width: number;
  height: number;
}

/** The room a picture gets in a chat, before it is there: inside `most`, not smaller than can be pressed. */
export function fit(width: number | undefined, height: number | undefined, most: Size): Size {
  if (!width || !height || width < 0 || height < 0) return { width: 260, height: 195 };
  const scale = Math.min(1, most.width / width, most.height / height);
  return {
    width: Math.round(Math.min(most.width, Math.max(120, width * scale))),
    height: Math.round(Math.min(most.height, Math.max(80, height * scale))),
  };
}

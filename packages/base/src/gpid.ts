/** A partition: table id and partition index. Written `<app_id>.<partition_index>`. */
export interface Gpid {
  readonly appId: number;
  readonly partitionIndex: number;
}

declare const gpidBrand: unique symbol;

/** The text of a {@link Gpid}, usable as a map key. */
export type GpidText = string & { readonly [gpidBrand]: true };

export function gpidText(gpid: Gpid): GpidText {
  return `${gpid.appId}.${gpid.partitionIndex}` as GpidText;
}

/** Reads `<app_id>.<partition_index>`; undefined when the text is not one. */
export function parseGpid(text: string): Gpid | undefined {
  const match = /^(-?\d+)\.(-?\d+)$/.exec(text);
  return match === null ? undefined : { appId: Number(match[1]), partitionIndex: Number(match[2]) };
}

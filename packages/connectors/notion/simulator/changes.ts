/** Something that has happened in the store and that the vendor tells of. What it does not tell of is no change here. */
export type StoreChange = PageChange | SchemaChange;

export interface PageChange {
  readonly kind: 'page';
  readonly what: 'created' | 'properties_updated' | 'content_updated' | 'deleted' | 'undeleted' | 'moved';
  readonly pageId: string;
  /** The data source that the page is in now. */
  readonly sourceId: string;
  /** Ids of the properties that have other values. */
  readonly properties: readonly string[];
  /** Ids of the blocks that have come. */
  readonly blocks: readonly string[];
}

interface SchemaChange {
  readonly kind: 'schema';
  readonly property: { readonly id: string; readonly name: string };
  readonly action: 'created' | 'updated' | 'deleted';
}

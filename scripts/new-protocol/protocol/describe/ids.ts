/** Ids of the verbs. The description and the adapter are checked against them by the compiler. */
export type SampleVerb = 'publish';

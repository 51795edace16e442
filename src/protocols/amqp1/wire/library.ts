import * as namespace from 'rhea';

/** rhea is a CommonJS module whose export is an object: bundled, its members are named exports; in Node, it is the default. */
const { default: library = namespace } = namespace as unknown as { default?: typeof namespace };

export const { create_container: createContainer, types } = library;

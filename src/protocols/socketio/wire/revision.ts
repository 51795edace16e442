/** Revisions of the Engine.IO protocol: 3 belongs to Socket.IO 2, 4 to Socket.IO 3 and 4. */
export const revision3 = 3;
export const revision4 = 4;
export type Revision = typeof revision3 | typeof revision4;

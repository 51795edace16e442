import type { Reader } from './bytes';

/** Why a server closes a channel or a connection (AMQP 0-9-1, sections 1.4.2.9 and 1.5.2.5). */
export interface Closing {
	code: number;
	text: string;
	/** What it was about: `class << 16 | method`; 0 for nothing in particular. */
	about: number;
}

export function readClosing(reader: Reader): Closing {
	return { code: reader.uint16(), text: reader.short(), about: reader.uint16() * 65_536 + reader.uint16() };
}

import { type Failure, toFailure } from '../../base/failure';
import { describe } from '../../protocols/descriptions';
import type { CopyWay } from '../../protocols/message-files';
import type { Sketch } from '../../protocols/shared/commands/sketch';
import { requestText } from './request-text';
import { protocolOf } from './sketch';

export interface CopyFormat {
	/** "request", or the id of the protocol's `CopyWay`. */
	id: string;
	label: string;
	/** The language of the text in the editor. */
	language: string;
	text: string;
	/** The reason why there is no text. */
	problem?: Failure;
}

function requestOf(sketch: Sketch): Pick<CopyFormat, 'text' | 'problem'> {
	try {
		return { text: requestText(sketch) };
	} catch (error) {
		return { text: '', problem: toFailure(error) };
	}
}

/** All forms in which a sketch can be copied, the request first. Programs say PASSWORD where they need one. */
export async function copyAs(sketch: Sketch): Promise<CopyFormat[]> {
	const ways: readonly CopyWay[] = (await describe(protocolOf(sketch))?.files?.tools?.load())?.copies ?? [];
	const copies = ways.flatMap(({ id, label, language, write }): CopyFormat[] => {
		const text = write(sketch);
		return text === undefined ? [] : [{ id, label, language, text }];
	});
	return [{ id: 'request', label: 'Message file request', language: 'messages', ...requestOf(sketch) }, ...copies];
}

import { blockBytes, blockSize, findBlock, type Option, option, uintBytes } from '../../protocols/coap/wire/options';
import type { Message } from '../../protocols/coap/wire/packet';

/** What became of a block of an upload (RFC 7959, 2.5). */
export type Uploaded =
	| { kind: 'whole'; payload: Buffer; options: Option[] }
	/** The answer to it, before there is anything for the resource. */
	| { kind: 'answer'; code: string; options: Option[]; words?: string };

export const mostUpload = 2 * 1024 * 1024;
const mostUploads = 100;

/** Puts the blocks of uploads together. `key`: client, method and resource. */
export function createUploads(): (key: string, message: Message) => Uploaded {
	const open = new Map<string, { parts: Uint8Array[]; bytes: number }>();
	return (key, { options, payload }) => {
		if (!options.some(({ number }) => number === option.block1))
			return { kind: 'whole', payload: Buffer.from(payload), options: [] };
		const block = findBlock(options, option.block1);
		if (!block || block.szx === 7) return { kind: 'answer', code: '4.02', options: [], words: 'Block1 is malformed.' };
		const echo: Option = { number: option.block1, value: blockBytes(block) };
		if (block.num === 0) {
			open.delete(key);
			open.set(key, { parts: [], bytes: 0 });
			const [oldest] = open.keys();
			if (open.size > mostUploads && oldest !== undefined) open.delete(oldest);
		}
		const upload = open.get(key);
		const size = blockSize(block.szx);
		if (
			!upload ||
			upload.bytes !== block.num * size ||
			payload.length > size ||
			(block.more && payload.length < size)
		) {
			open.delete(key);
			return { kind: 'answer', code: '4.08', options: [echo], words: 'This is not the next block.' };
		}
		upload.parts.push(payload);
		upload.bytes += payload.length;
		if (upload.bytes > mostUpload) {
			open.delete(key);
			const most = { number: option.size1, value: uintBytes(mostUpload) };
			return { kind: 'answer', code: '4.13', options: [echo, most], words: `At most ${mostUpload} bytes.` };
		}
		if (block.more) return { kind: 'answer', code: '2.31', options: [echo] };
		open.delete(key);
		return { kind: 'whole', payload: Buffer.concat(upload.parts), options: [echo] };
	};
}

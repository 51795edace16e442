import type { Message } from '../../protocols/coap/wire/message';
import { blockBytes, blockSize, findBlock, type Option, option, uintBytes } from '../../protocols/coap/wire/options';

/** The result of one block of an upload (RFC 7959, 2.5). */
export type Uploaded =
	| { kind: 'whole'; payload: Buffer; options: Option[] }
	/** The answer to the block: the upload is incomplete or invalid. */
	| { kind: 'answer'; code: string; options: Option[]; words?: string };

export const maxUploadBytes = 2 * 1024 * 1024;
const maxUploads = 100;

/** Joins the blocks of uploads. The key identifies client, method and resource. */
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
			if (open.size > maxUploads && oldest !== undefined) open.delete(oldest);
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
			return { kind: 'answer', code: '4.08', options: [echo], words: 'The block is not the next one of the upload.' };
		}
		upload.parts.push(payload);
		upload.bytes += payload.length;
		if (upload.bytes > maxUploadBytes) {
			open.delete(key);
			const limit = { number: option.size1, value: uintBytes(maxUploadBytes) };
			return {
				kind: 'answer',
				code: '4.13',
				options: [echo, limit],
				words: `The upload exceeds ${maxUploadBytes} bytes.`,
			};
		}
		if (block.more) return { kind: 'answer', code: '2.31', options: [echo] };
		open.delete(key);
		return { kind: 'whole', payload: Buffer.concat(upload.parts), options: [echo] };
	};
}

import { fail } from '../../../base/failure';
import { codeOf, codeText, isSuccess } from '../describe/codes';
import { createBlockBuffer } from './block-buffer';
import type { Message } from './message';
import { type AskOptions, ask } from './no-answer';
import { blockBytes, blockSize, find, findBlock, findUint, type Option, option, toHex, uintBytes } from './options';

/** A request, sent in blocks if its payload is longer than one. */
export interface Request {
	code: number;
	confirmable: boolean;
	options: Option[];
	payload: Uint8Array;
	/** Size exponent, 0 to 6, of the blocks to send; below 6 also of those to request (RFC 7959, 2.2). */
	szx: number;
	/** Target under which its answers are filed. */
	target: string;
}

export interface TransferOptions extends Omit<AskOptions, 'progress'> {
	/** Maximum size of a whole payload, in bytes. */
	limit: number;
	progress(text: string, done?: number): void;
}

export interface Answer {
	/** The message with the whole payload. */
	message: Message;
	/** Number of blocks of the payload. */
	blocks: number;
}

/** How often a transfer is restarted when the representation changes during it. */
const maxRestarts = 3;
const fetchCode = 5;
const safe = (code: number) => code === 1 || code === fetchCode;
const tooLarge = codeOf('4.13');
const continues = codeOf('2.31');
const nothing = new Uint8Array();
const count = (value: number) => value.toLocaleString('en-US');

/**
 * Sends a request and resolves with its answer, both in blocks where they are long (RFC 7959). Throws a NoAnswerError, or
 * a FailureError if the server's blocks are inconsistent.
 */
export async function transfer(request: Request, options: TransferOptions): Promise<Answer> {
	return download(request, await upload(request, options), options);
}

function sendOnce(request: Request, more: readonly Option[], payload: Uint8Array, options: TransferOptions) {
	const all = [...request.options, ...more].sort((a, b) => a.number - b.number);
	return ask({ code: request.code, confirmable: request.confirmable, options: all, payload }, options);
}

/** Requests smaller blocks where the user wants them (early negotiation, RFC 7959, 2.4). */
function blockRequest({ szx, options }: Request): Option[] {
	if (szx === 6 || options.some(({ number }) => number === option.block2)) return [];
	return [{ number: option.block2, value: blockBytes({ num: 0, more: false, szx }) }];
}

async function upload(request: Request, options: TransferOptions): Promise<Message> {
	const { payload } = request;
	let { szx } = request;
	if (payload.length <= blockSize(szx) || request.options.some(({ number }) => number === option.block1))
		return sendOnce(request, blockRequest(request), payload, options);
	let at = 0;
	for (;;) {
		const size = blockSize(szx);
		const num = at / size;
		const more = at + size < payload.length;
		const block: Option[] = [{ number: option.block1, value: blockBytes({ num, more, szx }) }];
		if (at === 0) block.push({ number: option.size1, value: uintBytes(payload.length) });
		if (!more) block.push(...blockRequest(request));
		const total = Math.ceil(payload.length / size);
		options.progress(`sending block ${count(num + 1)} of ${count(total)}`, at / payload.length);
		const answer = await sendOnce(request, block, payload.subarray(at, at + size), options);
		const acknowledged = findBlock(answer.options, option.block1);
		// The server requires smaller blocks from the start (RFC 7959, 2.9.3) …
		if (answer.code === tooLarge && at === 0 && acknowledged && acknowledged.szx < szx) {
			szx = acknowledged.szx;
			continue;
		}
		if (!more || !isSuccess(answer.code)) return answer;
		if (!acknowledged)
			throw fail(
				'block-lost',
				`The server answered ${codeText(answer.code)} to block ${num} without naming the block.`,
			);
		if (acknowledged.num !== num)
			throw fail('block-mismatch', `The server acknowledged block ${acknowledged.num} when block ${num} was sent.`);
		if (answer.code !== continues && acknowledged.more)
			throw fail('block-mismatch', `The server answered ${codeText(answer.code)} before all blocks were sent.`);
		at += size;
		// … or from now on (RFC 7959, 2.3). Its size divides the present one, so the offset fits.
		if (acknowledged.szx < szx) szx = acknowledged.szx;
	}
}

async function download(request: Request, begin: Message, options: TransferOptions): Promise<Answer> {
	const isManual = request.options.some(({ number }) => number === option.block2);
	let first = begin;
	for (let restarts = 0; ; restarts++) {
		const block = findBlock(first.options, option.block2);
		if (!block || isManual || !isSuccess(first.code)) return { message: first, blocks: 1 };
		if (block.num !== 0)
			throw fail('block-mismatch', `The server began its answer with block ${block.num}, not with block 0.`);
		if (!block.more) return { message: first, blocks: 1 };
		const whole = await following(request, first, options);
		if (whole) return whole;
		if (!safe(request.code))
			throw fail(
				'block-changed',
				'The answer changed while its blocks were fetched, and repeating the request is not safe.',
			);
		if (restarts === maxRestarts)
			throw fail('block-changed', `The resource changed during its transfer, ${restarts + 1} times in a row.`, {
				remedy: { text: 'Try again when it changes less often, or with larger blocks.' },
			});
		options.progress('the resource has changed: restarted', 0);
		const payload = request.payload.length <= blockSize(request.szx) ? request.payload : nothing;
		first = await sendOnce(request, blockRequest(request), payload, options);
	}
}

/** Fetches the blocks after the first one. Undefined if the representation has changed in between: another ETag (RFC 7959, 2.4). */
export async function following(
	request: Request,
	first: Message,
	options: TransferOptions,
): Promise<Answer | undefined> {
	const etag = toHex(find(first.options, option.etag) ?? nothing);
	const size2 = findUint(first.options, option.size2);
	const received = createBlockBuffer(first.payload);
	let blocks = 1;
	let block = findBlock(first.options, option.block2);
	let message = first;
	if (size2 !== undefined && size2 > options.limit) throw overLimit(size2, options.limit);
	while (block?.more) {
		const size = blockSize(block.szx);
		if (block.szx === 7) throw fail('block-mismatch', 'The server sent blocks of the reserved size 7.');
		if (message.payload.length !== size)
			throw fail(
				'block-short',
				`The server sent block ${block.num} with ${message.payload.length} of ${size} bytes and says that more follow.`,
			);
		if (received.length + 1 > options.limit) throw overLimit(undefined, options.limit);
		const num = received.length / size;
		const total = size2 === undefined ? undefined : Math.ceil(size2 / size);
		const of = total !== undefined && total > num ? ` of ${count(total)}` : '';
		options.progress(`block ${count(num + 1)}${of}`, of && size2 ? received.length / size2 : undefined);
		const next: Option[] = [{ number: option.block2, value: blockBytes({ num, more: false, szx: block.szx }) }];
		if (num === 1 && size2 === undefined) next.push({ number: option.size2, value: nothing });
		const body = request.code === fetchCode && request.payload.length <= size ? request.payload : nothing;
		message = await sendOnce(request, next, body, options);
		if (!isSuccess(message.code)) return { message, blocks };
		if (toHex(find(message.options, option.etag) ?? nothing) !== etag) return undefined;
		block = findBlock(message.options, option.block2);
		if (!block) throw fail('block-lost', `The server answered without a block when block ${num} was requested.`);
		if (block.num * blockSize(block.szx) !== received.length)
			throw fail('block-mismatch', `The server sent block ${block.num} when block ${num} was requested.`);
		if (message.payload.length > blockSize(block.szx))
			throw fail('block-long', `The server sent block ${block.num} with ${message.payload.length} bytes.`);
		received.add(message.payload);
		blocks++;
		if (received.length > options.limit) throw overLimit(undefined, options.limit);
	}
	return { message: withPayload(first, received.whole()), blocks };
}

function withPayload({ type, code, id, token, options, head }: Message, payload: Uint8Array): Message {
	return { type, code, id, token, options, head, payload };
}

function overLimit(size: number | undefined, limit: number) {
	const what = size === undefined ? 'more' : `${count(size)} bytes`;
	return fail('message-too-large', `The server sends ${what}; the limit is ${count(limit)} bytes.`, {
		remedy: { text: 'Raise "Largest message accepted" in the limits of the connection.' },
	});
}

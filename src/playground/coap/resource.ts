import type { ObserveWriteStream } from 'coap';

/** A request after its blocks were put together. */
export interface ResourceRequest {
	/** Such as GET. */
	method: string;
	payload: Buffer;
	/** Number of the payload's content format. */
	format?: number;
	/** Number of the requested content format. */
	accept?: number;
	ifNoneMatch: boolean;
}

export interface Reply {
	/** Such as "2.05". */
	code: string;
	payload?: Uint8Array;
	/** Such as ["Max-Age", 20]. */
	options?: Parameters<ObserveWriteStream['setOption']>[];
}

export interface Resource {
	/** Without the leading slash. */
	path: string;
	/** In the link format, such as `rt="temperature";ct=50`. `obs` is added for observable resources. */
	attributes: string;
	observable?: boolean;
	/** Milliseconds until the response, which is then a separate message (RFC 7252, 5.2.2). */
	slowMs?: number;
	answer(request: ResourceRequest): Reply;
}

/** The server as its resources see it. */
export interface Place {
	add(resource: Resource): void;
	remove(path: string): void;
	/** Notifies the observers of the resource. */
	changed(path: string): void;
	every(ms: number, action: () => void): void;
}

export const refusal = (code: string, text: string): Reply => ({ code, payload: Buffer.from(text) });
export const notAllowed = refusal('4.05', 'This method is not allowed here.');

/** The representation of a resource. `format`: number of its content format. `maxAge`: seconds (RFC 7252, 5.10.5). */
export const content = (format: number, payload: string | Uint8Array, maxAge = 60): Reply => ({
	code: '2.05',
	payload: Buffer.from(payload),
	options: [
		['Content-Format', format],
		['Max-Age', maxAge],
	],
});

/** A request after its blocks were put together. */
export interface ResourceRequest {
	/** GET, POST, PUT, DELETE, FETCH, PATCH, iPATCH. */
	method: string;
	query: string[];
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
	format?: number;
	payload?: Uint8Array;
	/** Seconds. */
	maxAge?: number;
	/** Path of the created resource. */
	location?: string;
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

const encoder = new TextEncoder();
export const text = (code: string, content: string): Reply => ({ code, payload: encoder.encode(content) });
export const notAllowed = text('4.05', 'This method is not allowed here.');
export const notAcceptable = text('4.06', 'Not offered in that content format.');

import { apiKeys } from './api-keys';
import { frameOf } from './frame-relay';

/**
 * Offers Metadata in version 4 in front of a mock broker, which knows it up to 2. From version 4 on a request says whether it
 * may create topics, and our adapter sends none that cannot say so.
 */
export const metadataVersion4 = {
	request: (api: number, frame: Buffer): Buffer => (api === apiKeys.Metadata ? asVersion2(frame) : frame),
	answer(api: number, frame: Buffer): Buffer {
		if (api === apiKeys.ApiVersions) return offering4(frame);
		// The throttle time is behind the correlation id.
		return api === apiKeys.Metadata ? frameOf(frame.subarray(4, 8), Buffer.alloc(4), frame.subarray(8)) : frame;
	},
};

/** Without the last byte, which says whether topics may be created. */
function asVersion2(request: Buffer): Buffer {
	const frame = frameOf(request.subarray(4, -1));
	frame.writeInt16BE(2, 6);
	return frame;
}

/** Behind the error code and the number of entries of ApiVersions version 0 are key, lowest and highest version of each request. */
function offering4(answer: Buffer): Buffer {
	for (let at = 14; at + 6 <= answer.length; at += 6)
		if (answer.readInt16BE(at) === apiKeys.Metadata) answer.writeInt16BE(4, at + 4);
	return answer;
}

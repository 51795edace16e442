import assert from 'node:assert/strict';
import test from 'node:test';
import type { Sketch } from '../../../../src/protocols/shared/commands/sketch';
import { websocket } from '../../../../src/protocols/websocket/describe/describe';
import { wsFlag } from '../../../../src/protocols/websocket/describe/flags';
import { tools } from '../../../../src/protocols/websocket/files/tools';

const flags = wsFlag.close | 1;
const meta = { code: 4404, reason: 'no such field' };

test('a close frame is shown with its code in words, and sent again as it was', () => {
	const shown = websocket.properties(flags, meta).map(({ label, value }) => `${label}: ${value}`);
	assert.deepEqual(shown, ['Type: Close (control frame)', 'Code: 4404, probably: not found', 'Reason: no such field']);
	assert.equal(websocket.columns[0]?.text(flags), 'close');
	const again = websocket.files?.resend?.({ target: '', payload: Buffer.from('4404 no such field'), flags, meta });
	assert.deepEqual(again, { verb: 'close', values: meta, payload: new Uint8Array() });
});

test('a close is copied as a program, and not as a command that cannot choose the code', () => {
	const sketch = {
		...{ verb: 'CLOSE', url: 'ws://x.example', target: '', headers: [], dropped: [] },
		messages: [{ bytes: new Uint8Array() }],
		own: { verb: 'close', values: meta },
	} as unknown as Sketch;
	const written = Object.fromEntries(tools.copies.map(({ id, write }) => [id, write(sketch)]));
	assert.deepEqual([written.wscat, written.websocat], [undefined, undefined]);
	assert.match(written.python ?? '', /await socket\.close\(4404, "no such field"\)/);
	assert.match(written.javascript ?? '', /socket\.close\(4404, "no such field"\)/);
	for (const text of Object.values(written)) assert.doesNotMatch(text ?? '', /\.send\(/);
});

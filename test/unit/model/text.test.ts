import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { previewOf } from '../../../src/engine/decode/preview/preview';
import { fileName } from '../../../src/model/text/file-name';
import { cutText, shortened, wellFormed } from '../../../src/model/text/text';
import { peerText } from '../../../src/protocols/shared/peer-text';
import { grouping } from '../../../src/protocols/websocket/grouping';
import { visible } from '../../../webview/base/words';

const half = /\p{Cs}/u;
const face = '\u{1f600}';

test('texts are cut between characters', () => {
	for (const [text, most, cut, short] of [
		['abc', 3, 'abc', 'abc'],
		['abcd', 3, 'abc', 'abc…'],
		[`ab${face}`, 3, 'ab', 'ab…'],
		[`ab${face}`, 4, `ab${face}`, `ab${face}`],
		[face, 1, '', '…'],
		['ab', 0, '', '…'],
		['', 0, '', ''],
	] as const) {
		assert.equal(cutText(text, most), cut);
		assert.equal(shortened(text, most), short);
	}
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, most) => {
			assert.ok(text.startsWith(cutText(text, most)));
			assert.doesNotMatch(cutText(text, most), half);
		}),
	);
});

test('halves of surrogate pairs are replaced, whole ones stay', () => {
	assert.equal(wellFormed(`a\ud83d${face}\ude00`), `a\ufffd${face}\ufffd`);
	assert.equal(visible(`a\ud83d${face}`), `a⟨D83D⟩${face}`);
});

test('what is cut elsewhere is cut between characters, too', () => {
	for (let before = 0; before < 4; before++) {
		const long = 'x'.repeat(before) + face.repeat(1000);
		for (const cut of [
			peerText(long),
			previewOf(Buffer.from(long)).preview,
			grouping('type')(Buffer.from(JSON.stringify({ type: long })), false),
		]) {
			assert.doesNotMatch(cut, half);
			// Not as an escape of the half either.
			assert.doesNotMatch(cut, /d83d/);
			assert.ok(cut.length > 100);
		}
	}
	assert.equal(grouping('type')(Buffer.from('{"type":"\\ud83d"}'), false), '\ufffd');
});

test('a file name is one on every system', () => {
	for (const [text, end, expected] of [
		['temperature', '-5.json', 'temperature-5.json'],
		['nul', '', 'nul_'],
		['nul.b', '-5.json', 'nul_.b-5.json'],
		['NUL.tar.gz', '', 'NUL_.tar.gz'],
		['con', '-5.txt', 'con-5.txt'],
		['con', '.txt', 'con_.txt'],
		['Com1.x', '', 'Com1_.x'],
		['lpt¹', '.bin', 'lpt¹_.bin'],
		['com10', '', 'com10'],
		['console', '', 'console'],
		['.nul', '', 'nul_'],
		['a/b\\c:d', '', 'a_b_c_d'],
		['..', '', 'message'],
		['../../etc/passwd', '', '_.._etc_passwd'],
		['a. . .', '', 'a._._'],
		['a...', '', 'a'],
		['a ', '', 'a_'],
		['.env', '', 'env'],
		['a\u202eb\0c\nd', '', 'a_b_c_d'],
		['<>"|?*', '', '_'],
		['Gewächshaus/温室', '', 'Gewächshaus_温室'],
		['หน้า', '', 'หน้า'],
		['', '', 'message'],
		['\ud83d', '', '_'],
		['字'.repeat(300), '.json', `${'字'.repeat(60)}.json`],
	] as const)
		assert.equal(fileName(text, end), expected, JSON.stringify(text));
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.constantFrom('', '.txt', '-5.json'), (text, end) => {
			const name = fileName(text, end);
			assert.doesNotMatch(name, /[<>:"/\\|?*\p{C}]|^\.|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu);
			assert.ok(name !== '' && Buffer.byteLength(name) <= 255);
		}),
		{ numRuns: 2000 },
	);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import type { createLog } from '../../../../src/host/ui/log';
import { loadHost } from '../../../support/host/load-host';

const written: string[] = [];
const write = (text: string) => written.push(text);
const vscode = { window: { createOutputChannel: () => ({ info: write, warn: write, error: write, dispose() {} }) } };

test('masks secrets in the log, but not within names that the user has chosen', async () => {
	const host = await loadHost<{ createLog: typeof createLog }>('src/host/ui/log.ts', vscode);
	const log = host.createLog();
	log.info('user admin-hunter22, limbo');
	log.hide('hunter22');
	log.hide('limbo');
	log.info('user admin-hunter22, limbo');
	log.keep(['admin-hunter22', 'limbo']);
	log.info('user admin-hunter22, limbo, hunter22');
	log.error('x', { code: 'c', message: 'm', evidence: 'said hunter22' });
	assert.deepEqual(written, [
		'user admin-hunter22, limbo',
		'user •••, •••',
		'user admin-hunter22, limbo, •••',
		'x: m [c] said •••',
	]);
	const failure = { code: 'c', message: 'no hunter22', remedy: { text: 'not hunter22' } };
	assert.deepEqual(log.clean(failure), { code: 'c', message: 'no •••', remedy: { text: 'not •••' } });
});

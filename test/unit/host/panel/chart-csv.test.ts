import assert from 'node:assert/strict';
import test from 'node:test';
import { chartCsv } from '../../../../src/host/panel/chart-csv';
import type { ChartField, Series } from '../../../../src/model/contracts/message';

const field = (target: string, path: string, way: 'in' | 'out' = 'in'): ChartField => ({ target, way, path });
const series = (...points: [seq: number, digits: string][]): Series => ({
	seqs: points.map(([seq]) => seq),
	times: points.map(([seq]) => seq * 1000),
	values: points.map(([, digits]) => Number(digits)),
	digits: points.map(([, digits]) => digits),
	end: { log: 1, seq: 9 },
	continues: false,
});

test('fields of one message share a line, with the digits of the payload', () => {
	const csv = chartCsv(
		[field('a', 'temp'), field('a', 'n')],
		[series([1, '1.50'], [3, '2']), series([1, '12345678901234567890'], [2, '-7'])],
	);
	assert.equal(
		csv,
		'time,"temp","n"\r\n1970-01-01T00:00:01.000Z,1.50,12345678901234567890\r\n1970-01-01T00:00:02.000Z,,-7\r\n1970-01-01T00:00:03.000Z,2,\r\n',
	);
});

test('columns of several targets have their names, and no name is a formula', () => {
	const fields = [field('=cmd()', 'a,"b"'), field('x', ''), field('x', 't', 'out')];
	const [header] = chartCsv(fields, [series(), series(), series()]).split('\r\n');
	assert.equal(header, 'time,"\'=cmd() a,""b""","x payload","x t (sent)"');
});

// The results of the contract suite as one table: a row for each case, a column for each fixture.

/** Collects the cases of each `contract: …` test from the runner's events, which report children before their parents. */
export function collectContracts() {
	const open = new Map();
	const contracts = [];
	return {
		contracts,
		add({ name, nesting }, passed) {
			const parts = open.get(nesting + 1) ?? [];
			open.delete(nesting + 1);
			open.set(nesting, [...(open.get(nesting) ?? []), { name, passed }]);
			if (name.startsWith('contract: ')) contracts.push({ name: name.slice('contract: '.length), cases: parts });
		},
	};
}

/** Renders Markdown. A case that did not run for a fixture is "–". */
export function contractTable(contracts) {
	const names = [...new Set(contracts.flatMap(({ cases }) => cases.map(({ name }) => name)))];
	const mark = { true: '✔', false: '✖', undefined: '–' };
	const cells = names.map((name) => [
		name,
		...contracts.map(({ cases }) => mark[cases.find((one) => one.name === name)?.passed]),
	]);
	const rows = [['case', ...contracts.map(({ name }) => name)], contracts.map(() => '---'), ...cells];
	rows[1]?.unshift('---');
	return rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

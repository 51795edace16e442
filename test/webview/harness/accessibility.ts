import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Asserts that axe-core, with all its rules for WCAG 2.2 A and AA and its best practices, finds no violation in the page. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
	await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
	await page.waitForFunction(isStill);
	if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
	const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document));
	const found = violations.flatMap(({ id, nodes }) =>
		nodes.map(({ target, any, all, none }) => {
			const reason = [...any, ...all, ...none].map(({ message }) => message).join('; ');
			return `${id} at ${JSON.stringify(target)}: ${reason}`;
		}),
	);
	assert.deepEqual(found, [], `${what} has no accessibility violation`);
}

/** Whether no transition is under way: after a change of the theme some colors come slowly, from the next frame on. */
function isStill(): boolean {
	const roots: (Document | ShadowRoot)[] = [document];
	for (const root of roots) {
		if (root.getAnimations().some((one) => one instanceof CSSTransition)) return false;
		for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) roots.push(shadowRoot);
	}
	return true;
}

/** A node of the tree that Chromium hands to screen readers. */
interface Node {
	nodeId: string;
	parentId?: string;
	ignored: boolean;
	role?: { value: string };
	name?: { value: string };
	value?: { value: string | number };
	properties?: { name: string; value: { value: unknown } }[];
	childIds?: string[];
}

const states = ['focused', 'invalid', 'expanded', 'selected', 'checked', 'disabled', 'required'];

/**
 * The tree that Chromium hands to screen readers, one line per node that they announce: `role "name" = value (states)`, indented
 * by its depth. Texts that only repeat the name of their parent are left out.
 */
export async function accessibilityTree(page: Page): Promise<string[]> {
	const session = await page.context().newCDPSession(page);
	const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: Node[] };
	await session.detach();
	const byId = new Map(nodes.map((node) => [node.nodeId, node]));
	const lines: string[] = [];
	const visit = (node: Node, depth: number, above: string) => {
		const role = node.role?.value ?? '';
		const name = node.name?.value ?? '';
		const silent =
			node.ignored ||
			['generic', 'none', 'InlineTextBox', 'LineBreak'].includes(role) ||
			(role === 'StaticText' && above.includes(name.trim()));
		if (!silent) {
			const value = node.value?.value === undefined || node.value.value === '' ? '' : ` = ${node.value.value}`;
			const is = (node.properties ?? [])
				.filter((one) => states.includes(one.name) && one.value.value !== false && one.value.value !== 'false')
				.map((one) => one.name);
			lines.push(`${'  '.repeat(depth)}${role} "${name}"${value}${is.length > 0 ? ` (${is.join(', ')})` : ''}`);
		}
		for (const id of node.childIds ?? []) {
			const child = byId.get(id);
			if (child) visit(child, silent ? depth : depth + 1, silent ? above : name);
		}
	};
	const root = nodes.find(({ parentId }) => parentId === undefined);
	if (root) visit(root, 0, '');
	return lines;
}

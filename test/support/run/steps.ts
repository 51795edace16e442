import type { TestContext } from 'node:test';
import type { Editor } from '../editor/editor';

/** Parts of a test in one editor. A part that fails leaves a picture in .cache/shots. */
export function stepsIn(t: TestContext, editor: Editor) {
	return (name: string, action: () => Promise<void>): Promise<void> =>
		t.test(name, async () => {
			try {
				await action();
			} catch (error) {
				await editor.shot(`failed-${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}`).catch(() => {});
				throw error;
			}
		});
}

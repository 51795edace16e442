import type { Port } from '../../src/base/port';

/** The editor's object for a webview page; may be acquired only once. */
interface EditorHost {
	postMessage(message: unknown): void;
	setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorHost;

const editor = acquireVsCodeApi();

/** The page's end of the port to the host. Who sent a message is checked: a page may hold no other frame's word. */
export const port: Port = {
	post: (message) => editor.postMessage(message),
	onMessage(listener) {
		const heard = (event: MessageEvent<unknown>) => {
			if (event.origin === location.origin) listener(event.data);
		};
		window.addEventListener('message', heard);
		return { dispose: () => window.removeEventListener('message', heard) };
	},
};

/** What the editor hands to its panel serializer after a reload of the window. Small: the host keeps the rest. */
export function rememberPage(state: unknown): void {
	editor.setState(state);
}

import { setPriority } from 'node:os';

/**
 * On Linux, 0 means this thread; elsewhere it is the whole process, which belongs to the editor. With a lower priority,
 * a flood takes only what the editor leaves, and TCP back-pressure slows the sender down.
 */
export function letTheEditorGoFirst(): void {
	if (process.platform !== 'linux') return;
	try {
		setPriority(0, 10);
	} catch {
		// A sandbox may forbid it; the priority is optional.
	}
}

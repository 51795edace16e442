import type { ChildProcess } from 'node:child_process';

export const editorVersion: string;
export const root: string;
export const quietSettings: Record<string, unknown>;
export function installEditor(say?: (text: string) => void): Promise<{ node: string; entry: string; vscode: string }>;
export function linkExtension(extensionsDir: string, folder?: string, name?: string): Promise<void>;
export interface EditorServer {
	url: string;
	child: ChildProcess;
	/** What the server printed, the latest 200,000 characters. */
	log(): string;
	end(): Promise<void>;
}
export function startEditor(options: {
	port: number;
	userData: string;
	extensionsDir: string;
	folder?: string;
	trustEverything?: boolean;
	env?: Record<string, string>;
}): Promise<EditorServer>;

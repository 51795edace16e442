import * as vscode from 'vscode';
import { untrusted } from './failures';

/**
 * The only access from the text of a workspace to this machine: environment variables, files beside the text and folder
 * listings. Each function throws `untrusted` before the workspace is trusted. A test keeps other parts of the host from
 * reading these directly.
 */

export const isTrusted = () => vscode.workspace.isTrusted;

export function requireTrust(): void {
	if (!isTrusted()) throw untrusted();
}

export function environmentVariable(name: string): string | undefined {
	requireTrust();
	return process.env[name];
}

export async function statFile(uri: vscode.Uri): Promise<vscode.FileStat> {
	requireTrust();
	return vscode.workspace.fs.stat(uri);
}

export async function readFile(uri: vscode.Uri): Promise<Uint8Array> {
	requireTrust();
	return vscode.workspace.fs.readFile(uri);
}

export async function readFolder(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
	requireTrust();
	return vscode.workspace.fs.readDirectory(uri);
}

export async function findFiles(pattern: string, exclude: string, limit: number): Promise<vscode.Uri[]> {
	requireTrust();
	return vscode.workspace.findFiles(pattern, exclude, limit);
}

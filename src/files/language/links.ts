import type { MessageFile, Range } from '../syntax/ast';

/** Files that bodies are read from; the path is relative to the message file's folder. Those with variables are none. */
export function links(file: MessageFile): { range: Range; path: string }[] {
	return file.sections.flatMap(({ request }) =>
		(request?.steps ?? []).flatMap(({ parts }) =>
			parts.flatMap((part) => {
				if (part.kind !== 'file' || part.path.text.includes('{{')) return [];
				return [{ range: { start: part.path.start, end: part.path.end }, path: part.path.text }];
			}),
		),
	);
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { type Sending, type SendingState, sendFile } from './send-file';

/** A file that is being uploaded, or was. */
export type FileUpload = { id: number; file: File; sentBytes: number; state: SendingState };

export type FileUploads = ReturnType<typeof useFileUploads>;

/** Files on their way to the server, as long as the page is open; several at once. */
export function useFileUploads() {
  const [uploads, setUploads] = useState<FileUpload[]>([]);
  const sendings = useRef(new Map<number, Sending>());
  const lastId = useRef(0);
  useEffect(() => {
    const { current } = sendings;
    return () => {
      for (const sending of current.values()) sending.pause();
    };
  }, []);

  const add = useCallback((files: File[]) => {
    for (const file of files) {
      lastId.current += 1;
      const id = lastId.current;
      const begun: FileUpload = { id, file, sentBytes: 0, state: { status: 'sending', sentBytes: 0 } };
      setUploads((all) => [...all, begun]);
      const tell = (state: SendingState) =>
        setUploads((all) =>
          all.map((one) =>
            one.id === id ? { ...one, state, sentBytes: 'sentBytes' in state ? state.sentBytes : one.sentBytes } : one,
          ),
        );
      sendings.current.set(id, sendFile(file, tell));
    }
  }, []);

  const resume = useCallback((id: number) => {
    const state: SendingState = { status: 'waiting' };
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, state } : one)));
    sendings.current.get(id)?.resume();
  }, []);

  const remove = useCallback((id: number) => {
    sendings.current.get(id)?.giveUp();
    sendings.current.delete(id);
    setUploads((all) => all.filter((one) => one.id !== id));
  }, []);

  return { uploads, add, resume, remove };
}

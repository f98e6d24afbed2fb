/** Errors of the machine in the words of Node and of WebAssembly: no descriptor, memory, room or permission. */
const OF_MACHINE =
  /\b(?:EMFILE|ENFILE|ENOMEM|EAGAIN|EIO|ENOSPC|EDQUOT|ESTALE|EACCES|EPERM): [a-z]|\bWebAssembly\.\w+\(\): (?:Out of memory|could not allocate)/;

/** Returns true if a build failed because of the machine, so that the failure says nothing about the code. */
export const isFaultOfMachine = (reason: string): boolean => OF_MACHINE.test(reason);

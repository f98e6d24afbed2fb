/** Adds to a global object as `reflect-metadata` does, which a reused V8 context refuses: it has frozen its globals. */
Object.defineProperty(Reflect, 'tag', { value: 'yes' });

export {};

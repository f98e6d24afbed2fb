Object.assign(globalThis, { Polyfilled: class {} });

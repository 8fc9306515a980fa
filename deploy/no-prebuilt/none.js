#!/usr/bin/env node
process.exitCode = 1; // "no prebuilt binary": the caller compiles

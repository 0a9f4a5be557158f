import type { Command } from "../../flowctl/command/mod.ts";
import { checkCommand } from "./check_command.ts";
import { configCommand } from "./config_command.ts";
import { doctorCommand } from "./doctor_command.ts";
import { healthCommand } from "./health_command.ts";
import { logsCommand } from "./logs_command.ts";
import { permissionsCommand } from "./permissions_command.ts";
import { restartCommand } from "./restart_command.ts";
import { startCommand } from "./start_command.ts";
import { statusCommand } from "./status_command.ts";
import { stopCommand } from "./stop_command.ts";

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  startCommand,
  stopCommand,
  restartCommand,
  statusCommand,
  healthCommand,
  logsCommand,
  configCommand,
  checkCommand,
  doctorCommand,
  permissionsCommand,
];

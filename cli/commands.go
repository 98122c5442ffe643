package cli

import urfave "github.com/urfave/cli/v2"

// commands are the commands beside the shell, by the alphabet. Each has a file
// of its own, with a function of env that returns it.
func commands(env Env) []*urfave.Command {
	return []*urfave.Command{
		backupCommand(env),
		benchCommand(env),
		completionCommand(env),
		decryptCommand(env),
		doctorCommand(env),
		encryptCommand(env),
		exportCommand(env),
		infoCommand(env),
		keygenCommand(env),
		manCommand(env),
		migrateCommand(env),
		recoverCommand(env),
		rekeyCommand(env),
		shellCommand(env),
		verifyCommand(env),
	}
}

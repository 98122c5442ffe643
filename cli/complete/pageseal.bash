# Completion of pageseal for bash: source it, or put it into
# ~/.local/share/bash-completion/completions/pageseal.
_pageseal() {
	local cur=${COMP_WORDS[COMP_CWORD]} words=("${COMP_WORDS[@]:0:COMP_CWORD}")
	COMPREPLY=()
	if [[ $cur == -* ]]; then
		words+=("$cur")
	elif [[ ${words[COMP_CWORD - 1]} == -* ]]; then
		return # the value of a flag: most take files
	fi
	# Nothing that was typed is evaluated, and no word is split but the answer.
	local IFS=$'\n'
	COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$cur"))
}
complete -o bashdefault -o default -F _pageseal pageseal

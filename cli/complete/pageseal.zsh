#compdef pageseal
# Completion of pageseal for zsh: put it into a folder of $fpath as _pageseal.
_pageseal() {
	local cur=${words[CURRENT]}
	local -a before answer
	before=("${(@)words[1,CURRENT-1]}")
	if [[ $cur == -* ]]; then
		before+=("$cur")
	elif [[ ${words[CURRENT-1]} == -* ]]; then
		_files
		return
	fi
	answer=("${(@f)$("${before[@]}" --generate-bash-completion 2>/dev/null)}")
	if [[ -n ${answer[1]} ]]; then
		compadd -- "${answer[@]}"
	else
		_files
	fi
}
compdef _pageseal pageseal

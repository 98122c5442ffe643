/* The library bcryptprimitives.dll for Debian's Wine, which lacks it. Every Go
 * program loads it to ask for random bytes. */
#include <string.h>
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
	for (; length > MAXDWORD; data += MAXDWORD, length -= MAXDWORD)
		if (!SystemFunction036(data, MAXDWORD)) return FALSE;
	return SystemFunction036(data, (ULONG)length);
}

/* hide takes a function out of the names that a library offers. */
static void hide(char *library, const char *function)
{
	IMAGE_NT_HEADERS *headers = (void *)(library + ((IMAGE_DOS_HEADER *)library)->e_lfanew);
	IMAGE_DATA_DIRECTORY *directory = &headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
	IMAGE_EXPORT_DIRECTORY *exports = (void *)(library + directory->VirtualAddress);
	DWORD *names = (void *)(library + exports->AddressOfNames);

	for (DWORD i = 0; i < exports->NumberOfNames; i++) {
		char *name = library + names[i];
		size_t last = strlen(function) - 1;
		DWORD protection;
		if (strcmp(name, function)) continue;
		if (!VirtualProtect(name + last, 1, PAGE_READWRITE, &protection)) return;
		name[last] = '!'; /* the names stay in order */
		VirtualProtect(name + last, 1, protection, &protection);
	}
}

/* This Wine has VirtualAlloc2 without the placeholders that it is for. Without
 * the function it is like Windows before version 10, as far as programs ask. */
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
	(void)self, (void)reserved;
	if (reason == DLL_PROCESS_ATTACH) hide((char *)GetModuleHandleA("kernelbase.dll"), "VirtualAlloc2");
	return TRUE;
}

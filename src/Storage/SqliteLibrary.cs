using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Storage;

/// <summary>
/// Chooses the SQLite that runs: the system's, which its distribution patches, before the older one in the package.
/// </summary>
internal static class SqliteLibrary
{
    private const string Imported = "e_sqlite3";
    private static readonly Lock _gate = new();
    private static bool _ready;

    /// <summary>True once the bundled library had to be taken.</summary>
    public static bool Bundled { get; private set; }

    public static void Initialize()
    {
        lock (_gate)
        {
            if (_ready)
                return;
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            _ready = true;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Imported)
            return 0;
        if (NativeLibrary.TryLoad("libsqlite3.so.0", out nint system))
            return system;
        Bundled = true;
        // 0 lets the runtime look where it would have looked anyway.
        return 0;
    }
}

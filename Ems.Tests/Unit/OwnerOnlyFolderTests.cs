using Ems.Core.Storage;

namespace Ems.Tests.Unit;

public sealed class OwnerOnlyFolderTests
{
    [Fact]
    public void Every_folder_that_is_made_belongs_to_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var top = Path.Combine(Path.GetTempPath(), $"ems-{Guid.NewGuid():n}");
        try
        {
            OwnerOnlyFolder.Create(Path.Combine(top, "spool"));

            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Assert.Equal(owner, File.GetUnixFileMode(top));
            Assert.Equal(owner, File.GetUnixFileMode(Path.Combine(top, "spool")));
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }
}

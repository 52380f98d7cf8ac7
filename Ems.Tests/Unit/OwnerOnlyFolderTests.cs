using Ems.Core.Storage;

namespace Ems.Tests.Unit;

public sealed class OwnerOnlyFolderTests
{
    [Theory]
    [InlineData("755", "700", true)]
    [InlineData("750", "750", true)]
    [InlineData("775", "770", true)]
    [InlineData("1777", "1777", false)]
    public void A_folder_that_others_may_read_is_closed_to_them(string before, string after, bool isClosed)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("ems-").FullName;
        try
        {
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32(before, 8));

            Assert.Equal(isClosed, OwnerOnlyFolder.TryClose(folder));
            Assert.Equal((UnixFileMode)Convert.ToInt32(after, 8), File.GetUnixFileMode(folder));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

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

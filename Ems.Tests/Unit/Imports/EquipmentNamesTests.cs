using Ems.Ingestion.Imports.Layouts;

namespace Ems.Tests.Unit.Imports;

public sealed class EquipmentNamesTests
{
    [Theory]
    [InlineData("Main_2024-01.xlsx")]
    [InlineData("Main (2).xlsx")]
    [InlineData("Main.csv.gz")]
    [InlineData("Main_2024-01 (1).xlsx")]
    [InlineData("Main - Copy.xlsx")]
    [InlineData("Main - Kopie (2).xlsx")]
    [InlineData("Copy of Main.xlsx")]
    [InlineData("Main Jan 2024.xlsx")]
    [InlineData("Main_January_2024.csv")]
    [InlineData("Main_Jan-24.csv")]
    [InlineData("2024-01 Main.csv")]
    [InlineData("Januar 2024 Main.csv")]
    [InlineData("Main_Januar.csv")]
    [InlineData("Main_May.csv")]
    [InlineData("Main 31.01.2024.csv")]
    [InlineData("Main 01-2024.csv")]
    [InlineData("Main_20240101-20240131.csv")]
    [InlineData("Main_2024-01-01_to_2024-01-31.csv")]
    [InlineData("Main 1 Jan 2024 - 31 Jan 2024.csv")]
    [InlineData("Main_20240131_235959.csv")]
    [InlineData("Main Q1 2024.csv")]
    [InlineData("Main_2024_Q1.csv")]
    [InlineData("Main (2024).csv")]
    public void A_file_of_another_month_or_another_copy_is_of_the_same_meter(string file) =>
        Assert.Equal("Main", EquipmentNames.FromSheetOrFile("", file));

    [Theory]
    [InlineData("M-1.csv", "M-1")]
    [InlineData("Main 2.csv", "Main 2")]
    [InlineData("Building 12 (North).csv", "Building 12 (North)")]
    [InlineData("Set 1.csv", "Set 1")]
    [InlineData("March Building.csv", "March Building")]
    [InlineData("Pump_Out.csv", "Pump_Out")]
    [InlineData("IKC0073.xlsx", "IKC0073")]
    [InlineData("Hall A 2024 North.csv", "Hall A_North")]
    [InlineData("2024.csv", "2024")]
    [InlineData("5766973-0.csv", "5766973-0")]
    public void What_is_no_date_stays_in_the_name(string file, string id) => Assert.Equal(id, EquipmentNames.FromSheetOrFile("", file));

    [Theory]
    [InlineData("Sheet1", "Main_2024.xlsx", "Main")]
    [InlineData("Jan 2024", "Main.xlsx", "Main")]
    [InlineData("Februar", "Main.xlsx", "Main")]
    [InlineData("2023", "Main.xlsx", "Main")]
    [InlineData("North Jan-24", "Plant.xlsx", "North")]
    [InlineData("North (2)", "Plant.xlsx", "North")]
    [InlineData("North_2024-02.csv", "plant.zip", "North")]
    [InlineData("2024-02/North.xlsx:Sheet1", "plant.zip", "North")]
    [InlineData("export.xlsx:North", "plant.zip", "North")]
    [InlineData("A/Main.csv", "plant.zip", "A_Main")]
    public void A_sheet_names_its_meter_unless_it_names_a_time_or_nothing(string sheet, string file, string id) =>
        Assert.Equal(id, EquipmentNames.FromSheetOrFile(sheet, file));

    [Theory]
    [InlineData("kWh")]
    [InlineData("kW")]
    [InlineData("m³")]
    [InlineData("Consumption")]
    [InlineData("Electricity")]
    [InlineData("Readings")]
    [InlineData("Trend")]
    [InlineData("Export")]
    [InlineData("Report 1")]
    [InlineData("15min")]
    [InlineData("Interval Data")]
    [InlineData("Meter Data")]
    [InlineData("Values")]
    [InlineData("Hourly")]
    [InlineData("Verbrauch")]
    [InlineData("Messwerte")]
    [InlineData("Lastgang")]
    [InlineData("Relevés")]
    [InlineData("Consommation")]
    [InlineData("Active Power (kW)")]
    [InlineData("Consumption_kWh_2024")]
    [InlineData("Energy")]
    [InlineData("Data")]
    [InlineData("2024-02/HE.xlsx:kWh")]
    public void A_sheet_that_is_alone_and_only_says_what_it_holds_names_no_meter(string sheet) =>
        Assert.Equal("HE", EquipmentNames.FromSheetOrFile(sheet, sheet.Contains(':', StringComparison.Ordinal) ? "plant.zip" : "HE.xlsx", isAlone: true));

    [Theory]
    [InlineData("North")]
    [InlineData("A")]
    [InlineData("Meter 12")]
    [InlineData("M-1 kWh")]
    [InlineData("Building 3")]
    [InlineData("Consumption North")]
    [InlineData("Chiller Load")]
    [InlineData("4711")]
    public void A_sheet_that_is_alone_names_its_meter(string sheet) => Assert.Equal(sheet, EquipmentNames.FromSheetOrFile(sheet, "HE.xlsx", isAlone: true));

    [Theory]
    [InlineData("M-1 (kWh)", "M-1")]
    [InlineData("M-1_kWh", "M-1")]
    [InlineData("Active Power M-1 [kW]", "M-1")]
    [InlineData("Diesel #2 (kWh)", "Diesel #2")]
    [InlineData("Main.Hall kWh", "Main.Hall")]
    [InlineData("SouthWing_kWh", "SouthWing")]
    [InlineData("Voltage (V)", "")]
    public void A_header_keeps_the_name_of_its_meter_as_it_is_written(string header, string name) => Assert.Equal(name, HeaderReader.Read(header).Rest);
}
